"""Words of which synthetic titles, abstracts and names are put together. All made up."""

from __future__ import annotations

# (Chinese, English)
THINGS = (
    ("电池电阻测量装置", "battery resistance measuring device"),
    ("车辆调配系统", "vehicle deployment system"),
    ("固态电解质膜", "solid electrolyte membrane"),
    ("晶圆清洗设备", "wafer cleaning apparatus"),
    ("图像传感器", "image sensor"),
    ("功率半导体模块", "power semiconductor module"),
    ("激光雷达标定方法", "lidar calibration method"),
    ("机械臂夹持机构", "gripping mechanism of a robot arm"),
    ("封装基板", "packaging substrate"),
    ("存储器读写电路", "read and write circuit of a memory"),
    ("无人机编队控制方法", "formation control method for unmanned aerial vehicles"),
    ("热管理总成", "thermal management assembly"),
    ("语音交互终端", "voice interaction terminal"),
    ("薄膜沉积腔体", "thin film deposition chamber"),
    ("轨迹预测模型", "trajectory prediction model"),
    ("光刻胶组合物", "photoresist composition"),
)
PARTS = (
    ("辅助电池传感器", "an auxiliary battery sensor"),
    ("监控单元", "a monitoring unit"),
    ("信息处理装置", "an information processing apparatus"),
    ("壳体", "a housing"),
    ("散热通道", "a heat dissipation channel"),
    ("驱动电机", "a driving motor"),
    ("第一电极层", "a first electrode layer"),
    ("第二电极层", "a second electrode layer"),
    ("缓冲弹簧", "a buffer spring"),
    ("控制芯片", "a control chip"),
    ("喷淋组件", "a spraying assembly"),
    ("通信接口", "a communication interface"),
    ("绝缘支架", "an insulating bracket"),
    ("数据采集模块", "a data acquisition module"),
    ("反馈回路", "a feedback loop"),
    ("光学透镜组", "an optical lens group"),
)
RELATIONS = (
    ("固定连接", "is fixedly connected with"),
    ("电性连接", "is electrically connected with"),
    ("活动套接于", "is movably sleeved on"),
    ("沿周向均匀布置于", "is uniformly arranged along the circumference of"),
    ("通过总线通信于", "communicates over a bus with"),
    ("可拆卸地安装于", "is detachably mounted on"),
)
STEPS = (
    (
        "根据负载变化时测量到的电流或电压的峰值以及频率确定测量用波形",
        "a waveform for measuring is determined from the peak value and the frequency of the current or the "
        "voltage that are measured when the load changes",
    ),
    (
        "对采集到的点云数据进行滤波与配准以获得目标对象的位姿",
        "the collected point cloud data are filtered and registered to obtain the pose of the target object",
    ),
    (
        "在预设温度下保温一定时间后以恒定速率冷却至室温",
        "the temperature is kept at a preset value for a certain time and then lowered to room temperature at a "
        "constant rate",
    ),
    (
        "将历史行驶数据输入训练好的神经网络并输出下一时刻的轨迹",
        "historical driving data are fed to a trained neural network, which outputs the trajectory of the next moment",
    ),
    (
        "当检测值超过阈值时切断供电回路并向上位机发送告警信息",
        "when the detected value exceeds the threshold, the power supply circuit is cut off and an alarm is sent "
        "to the upper computer",
    ),
    (
        "通过调整喷嘴与基板之间的距离使膜厚分布更加均匀",
        "the distance between nozzle and substrate is adjusted so that the film thickness is distributed more evenly",
    ),
)
EFFECTS = (
    ("结构简单、成本低且便于维护", "simple in structure, low in cost and convenient to maintain"),
    ("提高了测量精度并延长了使用寿命", "improves the measuring precision and prolongs the service life"),
    ("有效降低能耗，适合大规模生产", "effectively reduces energy consumption and suits mass production"),
    ("增强了系统的鲁棒性与安全性", "enhances robustness and safety of the system"),
)

CN_CITIES = (
    ("苏州", "Suzhou"), ("南京", "Nanjing"), ("无锡", "Wuxi"), ("上海", "Shanghai"), ("北京", "Beijing"),
    ("深圳", "Shenzhen"), ("杭州", "Hangzhou"), ("合肥", "Hefei"), ("武汉", "Wuhan"), ("成都", "Chengdu"),
    ("西安", "Xi'an"), ("青岛", "Qingdao"),
)  # fmt: skip
BRANDS = (
    ("星桥", "Starbridge"), ("澄湖", "Chenghu"), ("远帆", "Yuanfan"), ("明枢", "Mingshu"), ("锐衡", "Ruiheng"),
    ("瀚川", "Hanchuan"), ("启岳", "Qiyue"), ("沧溟", "Cangming"), ("嘉树", "Jiashu"), ("云栈", "Yunzhan"),
    ("北辰", "Beichen"), ("衡芯", "Hengxin"),
)  # fmt: skip
TRADES = (
    ("半导体", "Semiconductor"), ("新能源", "New Energy"), ("智能装备", "Intelligent Equipment"),
    ("材料", "Materials"), ("汽车电子", "Automotive Electronics"), ("光电", "Optoelectronics"),
    ("机器人", "Robotics"), ("微电子", "Microelectronics"),
)  # fmt: skip
LATIN_BRANDS = (
    "Alderon", "Brixham", "Calderwood", "Dunmarsh", "Elmstead", "Fernhill", "Garrowby", "Holmfield", "Inverdale",
    "Jarrowick", "Kestrelton", "Lindenau", "Marlowe", "Nordhafen", "Oakhurst", "Pemberley",
)  # fmt: skip
SURNAMES = ("Wang", "Li", "Zhang", "Liu", "Chen", "Yang", "Zhao", "Huang", "Zhou", "Wu", "Xu", "Sun", "Hu", "Zhu")
GIVEN = ("Wei", "Fang", "Min", "Jing", "Lei", "Tao", "Yan", "Chao", "Ping", "Gang", "Ling", "Hua", "Bo", "Ning")

SUBCLASSES = (
    "H01L", "H01M", "G01R", "G06F", "G06N", "G06Q", "G06T", "G06V", "G01S", "G05D", "B60W", "B60L", "B25J", "B64C",
    "C23C", "G03F", "H02J", "H04L", "H04N", "H10B",
)  # fmt: skip
INDUSTRIES = (
    "C3912", "C3913", "C3914", "C3915", "C3921", "C3961", "C4012", "C4028", "C4090", "C4320", "C4350", "C4360",
    "C4390", "I6410", "I6431", "I6432", "I6439", "I6490", "I6532", "O8121", "O8122",
)  # fmt: skip
EMERGING = (
    "1.1 (下一代信息网络产业)", "1.2 (电子核心产业)", "1.3 (新兴软件和新型信息技术服务)",
    "1.5 (人工智能)", "2.1 (智能制造装备产业)", "3.5 (高性能纤维及制品和复合材料)", "5.2 (新能源汽车装置、配件制造)",
    "6.5 (智能电网产业)",
)  # fmt: skip
